//! Errors, codes and classes.

use crate::Answers;
use alloc::string::ToString;
use counterseal::{Class, Error, ErrorCode};

pub(super) fn call(answers: &mut Answers) {
    let error = Error::new(ErrorCode::Replayed, "seen");
    answers.due(Error::code(&error) == ErrorCode::Replayed);
    answers.due(Error::detail(&error) == "seen");
    answers.due(error.to_string() == "replayed: seen");
    for code in ErrorCode::ALL {
        answers.due(!ErrorCode::as_str(*code).is_empty() && !ErrorCode::sentence(*code).is_empty());
        answers.due(ErrorCode::status(*code) == Class::status(ErrorCode::class(*code)));
    }
    answers.due(Class::as_str(Class::TooLarge) == "too_large");
}
