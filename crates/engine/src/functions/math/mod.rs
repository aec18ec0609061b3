//! Functions of numbers.

mod abs;
mod acos;
mod acosh;
mod asin;
mod asinh;
mod atan;
mod atan2;
mod atanh;
mod cbrt;
mod ceil;
mod copy_sign;
mod cos;
mod cosh;
mod doubles;
mod e;
mod exp;
mod extreme;
mod floor;
mod greatest;
mod hypot;
mod least;
mod log;
mod log10;
mod pi;
mod pow;
mod round;
mod round_to;
mod scalb;
mod signum;
mod sin;
mod sinh;
mod sqrt;
mod tan;
mod tanh;
mod tau;
mod whole;

use super::Function;

pub const ALL: &[&dyn Function] = &[
    &abs::Abs,
    &acos::Acos,
    &acosh::Acosh,
    &asin::Asin,
    &asinh::Asinh,
    &atan::Atan,
    &atan2::Atan2,
    &atanh::Atanh,
    &cbrt::Cbrt,
    &ceil::Ceil,
    &copy_sign::CopySign,
    &cos::Cos,
    &cosh::Cosh,
    &e::E,
    &exp::Exp,
    &floor::Floor,
    &greatest::Greatest,
    &hypot::Hypot,
    &least::Least,
    &log::Log,
    &log10::Log10,
    &pi::Pi,
    &pow::Pow,
    &round::Round,
    &round_to::RoundTo,
    &scalb::Scalb,
    &signum::Signum,
    &sin::Sin,
    &sinh::Sinh,
    &sqrt::Sqrt,
    &tan::Tan,
    &tanh::Tanh,
    &tau::Tau,
];
