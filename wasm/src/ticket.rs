//! Tickets.
#![allow(unsafe_code, reason = "an export needs a fixed name")]

use crate::answer::time;
use crate::engine::call;
use crate::things::Thing;
use counterseal_shared as shared;

/// A ticket issuer. Its handle.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn ticket_issuer_new(master: usize, key: usize, audience: usize) -> i32 {
    call(|mut given, _, things| {
        let issuer = shared::TicketIssuer::new(things.secret(master), things.key(key), given.text(audience))?;
        Ok(things.insert(Thing::TicketIssuer(issuer)))
    })
}

/// Issues a ticket; the options are JSON. The fields token, key id, end of validity and the secret's handle.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn ticket_issue(
    issuer: usize,
    owner: usize,
    options: usize,
    now: f64,
    now_given: usize,
) -> i32 {
    call(|mut given, answer, things| {
        let (owner, options) = (given.text(owner), given.text(options));
        let ticket = things.ticket_issuer(issuer).issue(owner, options, time(now, now_given))?;
        answer.field(ticket.token);
        answer.field(ticket.key_id);
        answer.number(ticket.expires);
        Ok(answer.number(things.insert(Thing::Secret(ticket.secret)) as f64))
    })
}

/// The keys of a verified ticket's connection, the server's and then its client's; of each the fields id, owner and handle.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn ticket_keys(master: usize, ticket: usize, server: usize) -> i32 {
    call(|mut given, answer, things| {
        let (master, ticket) = (things.secret(master), things.verified_ticket(ticket));
        let (server, client) = shared::ticket_keys(master, ticket, given.text(server))?;
        let mut end = 0;
        for key in [server, client] {
            answer.field(key.id());
            answer.field(key.owner());
            end = answer.number(things.insert(Thing::Key(key)) as f64);
        }
        Ok(end)
    })
}
