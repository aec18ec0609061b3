//! `gannet schema events`

use super::Pattern;
use crate::{command::catalog::Printing, exit::Exit, output::catalog::Sheet};
use clap::Args;
use schema::EventClass;
use serde_json::{Value, json};

/// The event classes: what kinds of events there are, where they are recorded and what they tell
#[derive(Args, Debug)]
pub struct Events {
    #[command(flatten)]
    pattern: Pattern,

    #[command(flatten)]
    printing: Printing,
}

impl Events {
    pub fn run(self) -> Exit {
        let fits = |class: &&EventClass| self.pattern.fits(class.id) || self.pattern.fits(class.name);
        let classes: Vec<_> = schema::class::classes().filter(fits).collect();
        let sheet = Sheet {
            columns: &["event class", "name", "domain", "platform", "channel or data set", "code", "category"],
            rows: classes.iter().map(|class| row(class)).collect(),
        };
        self.printing.sheet(&sheet, || json!({"events": classes.iter().map(|class| event(class)).collect::<Vec<_>>()}))
    }
}

fn row(class: &EventClass) -> Vec<String> {
    let place = if class.channel.is_empty() { class.dataset } else { class.channel };
    let (domain, platform) = (class.domain.to_owned(), class.platform.to_owned());
    let [place, code, category] = [place, class.code, class.category].map(|values| values.join(", "));
    vec![class.id.to_owned(), class.name.to_owned(), domain, platform, place, code, category]
}

fn event(class: &EventClass) -> Value {
    json!({
        "id": class.id,
        "name": class.name,
        "parent": class.parent().map(|parent| parent.id),
        "activity": class.activity().map(|activity| activity.id),
        "domain": class.domain,
        "platform": class.platform,
        "provider": class.provider,
        "channel": class.channel,
        "code": class.code,
        "dataset": class.dataset,
        "category": class.category,
        "type": class.kind,
        "action": class.action,
    })
}
