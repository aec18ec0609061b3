//! `scan with (step name: condition => name = value; ...)`: rows that follow each other.

use super::Syntax;
use crate::dialect::kusto::ast::{Expr, Name, Parameter, Property};
use crate::dialect::kusto::lower::{Lowering, Rows};
use crate::dialect::kusto::parser::{Parse, Parser};
use crate::dialect::kusto::print::Printer;

#[derive(Clone, Debug, PartialEq)]
pub struct Scan {
    pub properties: Vec<Property>,
    pub partition_by: Vec<Expr>,
    pub declared: Vec<Parameter>,
    pub steps: Vec<Step>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    pub name: Name,
    pub optional: bool,
    /// `output=all`, `last` or `none`.
    pub output: Option<Name>,
    pub condition: Expr,
    pub assignments: Vec<Property>,
}

impl Syntax for Scan {
    const SPELLINGS: &'static [&'static str] = &["scan"];

    fn parse(parser: &mut Parser<'_>) -> Parse<Self> {
        let properties = parser.properties()?;
        let mut partition_by = Vec::new();
        if parser.eat_keyword("partition") {
            parser.expect_keyword("by")?;
            partition_by = parser.list(Parser::value)?;
        }
        let mut declared = Vec::new();
        if parser.eat_keyword("declare") {
            parser.expect("(")?;
            declared = parser.list(Parser::parameter)?;
            parser.expect(")")?;
        }
        parser.expect_keyword("with")?;
        let open = parser.start();
        parser.expect("(")?;
        let mut steps = Vec::new();
        while parser.eat_keyword("step") {
            steps.push(step(parser)?);
        }
        parser.close(")", open)?;
        Ok(Scan { properties, partition_by, declared, steps })
    }

    fn lower<'a>(&'a self, rows: &mut Rows<'a>, lowering: &mut Lowering<'a>) {
        let names: Vec<_> = self.declared.iter().map(|parameter| parameter.name.value.clone()).collect();
        rows.also_has(names.clone());
        rows.other("scan", names, lowering);
    }

    fn print(&self, out: &mut Printer) {
        out.properties(&self.properties);
        if !self.partition_by.is_empty() {
            out.push("partition by ");
            out.list(&self.partition_by, |expr, out| out.expr(expr));
            out.push(" ");
        }
        if !self.declared.is_empty() {
            out.push("declare (");
            out.list(&self.declared, |parameter, out| out.parameter(parameter));
            out.push(") ");
        }
        out.push("with (");
        for step in &self.steps {
            out.push(" step ");
            out.name(&step.name.value);
            if step.optional {
                out.push(" optional");
            }
            if let Some(output) = &step.output {
                out.push(" output=");
                out.name(&output.value);
            }
            out.push(": ");
            out.expr(&step.condition);
            if !step.assignments.is_empty() {
                out.push(" => ");
                out.list(&step.assignments, |property, out| {
                    out.name(&property.name.value);
                    out.push(" = ");
                    out.expr(&property.value);
                });
            }
            out.push(";");
        }
        out.push(" )");
    }
}

/// What follows the word `step`.
fn step(parser: &mut Parser<'_>) -> Parse<Step> {
    let name = parser.name()?;
    let optional = parser.eat_keyword("optional");
    let mut output = None;
    if parser.eat_keyword("output") {
        parser.expect("=")?;
        output = Some(parser.name()?);
    }
    parser.expect(":")?;
    let condition = parser.value()?;
    let mut assignments = Vec::new();
    if parser.eat("=>") {
        assignments = parser.list(|parser| {
            let name = parser.name()?;
            parser.expect("=")?;
            Ok(Property { name, value: parser.value()? })
        })?;
    }
    parser.expect(";")?;
    Ok(Step { name, optional, output, condition, assignments })
}
