//! The code of a refusal, which the layer tells its log and nobody else.

use std::cell::RefCell;
use std::fmt;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

tokio::task_local! {
    static CODE: RefCell<String>;
}

/// What a call answered, and the code that was logged meanwhile; `ok` if there was none.
pub(crate) async fn of<T>(call: impl Future<Output = T>) -> (T, String) {
    let told = async { (call.await, CODE.with(RefCell::take)) };
    CODE.scope(RefCell::new("ok".to_owned()), told).await
}

/// Reads the field `code` of what is logged.
pub(crate) struct Codes;

impl Subscriber for Codes {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.is_event()
    }

    fn event(&self, event: &Event<'_>) {
        event.record(&mut Reader);
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

struct Reader;

impl Visit for Reader {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        if field.name() == "code" {
            // Outside of a call nobody asks.
            _ = CODE.try_with(|code| code.replace(format!("{value:?}")));
        }
    }
}
