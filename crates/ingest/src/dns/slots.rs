//! The columns below `dns.`.

use crate::slots::slots;

slots! {
    MessageSlots {
        additionals_count: "additionals_count",
        answers_count: "answers_count",
        authorities_count: "authorities_count",
        header_flags: "header_flags",
        id: "id",
        op_code: "op_code",
        response_code: "response_code",
        ty: "type",
        authoritative: "flags.authoritative",
        truncated_response: "flags.truncated_response",
        recursion_desired: "flags.recursion_desired",
        recursion_available: "flags.recursion_available",
        authentic_data: "flags.authentic_data",
        checking_disabled: "flags.checking_disabled",
    }
}

slots! {
    QuestionSlots {
        class: "question.class",
        name: "question.name",
        ty: "question.type",
    }
}

slots! {
    /// The parts of the question's name.
    PartSlots {
        registered_domain: "question.registered_domain",
        subdomain: "question.subdomain",
        top_level_domain: "question.top_level_domain",
        etld_plus_one: "question.etld_plus_one",
    }
}

slots! {
    AnswerSlots {
        class: "answers.class",
        data: "answers.data",
        name: "answers.name",
        ttl: "answers.ttl",
        ty: "answers.type",
        resolved_ip: "resolved_ip",
    }
}
