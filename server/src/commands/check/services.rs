//! What the service status would look at.

use super::{Finding, finding};
use crate::{setup::Plan, status::Status};
use probe::Report;

/// Looks at each mail server once. One that does not answer is no error of ours: mail is read without it.
pub(super) async fn look(plan: &Plan) -> Vec<Finding> {
    match Status::new(&plan.config, &plan.secrets, false) {
        Ok(status) => status.look_at_all().await.iter().map(told).collect(),
        Err(error) => vec![finding("error", "probe".to_owned(), error.to_string())],
    }
}

fn told((name, report): &(String, Report)) -> Finding {
    let about = format!("probe {name}");
    match &report.result {
        Ok(()) => finding("ok", about, format!("answers in {} ms", report.total.as_millis())),
        Err(failure) if failure.detail().is_empty() => finding("warning", about, failure.to_string()),
        Err(failure) => finding("warning", about, format!("{failure}: {}", failure.detail())),
    }
}
