//! One peer's connection: its session, its timer, and its one end. What the peer may say is its [`Party`]'s to know.

use std::sync::{Arc, Mutex, PoisonError};

use counterseal_shared::{Error, ErrorCode, Result, Session};
use serde::Serialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};
use socketioxide::extract::SocketRef;
use socketioxide::socket::DisconnectReason;
use tokio::sync::Notify;

use crate::clock;
use crate::gate::Line;
use crate::hub::{Hub, refusal, tell};
use crate::keys::Pair;
use crate::party::Party;
use crate::raw::Events;

pub(crate) struct Connection<P> {
    pub(crate) hub: Arc<Hub>,
    pub(crate) party: P,
    name: String,
    session: Session,
    keys: Pair,
    socket: SocketRef,
    line: Line,
    stage: Mutex<Stage>,
    ended: Notify,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// Its token was accepted. Whoever read the token could have sent it.
    Accepted,
    /// It has signed a packet.
    Proved,
    Ended,
}

/// Why a connection ends.
pub(crate) enum End {
    /// For a code, of which the peer learns the class.
    Refused(ErrorCode),
    /// For no fault of the peer's that it need be told.
    Left(&'static str),
}

impl<P: Party> Connection<P> {
    /// A connection whose token was accepted.
    pub(crate) fn new(
        hub: &Arc<Hub>,
        socket: &SocketRef,
        line: &Line,
        name: String,
        session: Session,
        keys: Pair,
    ) -> Self {
        let (hub, socket, line) = (Arc::clone(hub), socket.clone(), line.clone());
        let (stage, ended) = (Mutex::new(Stage::Accepted), Notify::new());
        Self { hub, party: P::new(), name, session, keys, socket, line, stage, ended }
    }

    /// Welcomes the peer; from here on it is heard, and the clock runs.
    pub(crate) fn run(self: &Arc<Self>, welcome: &str) {
        // Weakly: the socket is held here, and must not hold what holds it.
        let (reader, closer) = (Arc::downgrade(self), Arc::downgrade(self));
        self.socket.on_fallback(Events(move |event: &str, packet: &str| {
            if let Some(connection) = reader.upgrade() {
                connection.receive(event, packet);
            }
        }));
        self.socket.on_disconnect(async move |reason: DisconnectReason| {
            if let Some(connection) = closer.upgrade() {
                connection.lost(reason);
            }
        });
        let accepted = self.hub.audit.handshake_accepted(&self.name, P::NAMESPACE, &self.session_id());
        if let Err(error) = accepted.and_then(|()| self.emit("welcome", welcome)) {
            self.end(&End::Refused(error.code()));
        }
        tokio::spawn(Arc::clone(self).keep_time());
    }

    /// Whose it is, by its token at least.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn has_ended(&self) -> bool {
        self.stage() == Stage::Ended
    }

    /// Signs a payload and sends it.
    pub(crate) fn send(&self, event: &str, payload: &impl Serialize) -> Result<()> {
        let text = serde_json::to_vec(payload)
            .map_err(|fault| Error::new(ErrorCode::MalformedArgument, fault.to_string()))?;
        self.emit(event, &self.session.sign_json(event, &text, None, None)?)
    }

    /// Revokes its keys, which ends it.
    pub(crate) fn revoke(&self) {
        // Without keys or with them, it ends.
        let _ = self.keys.revoke();
        self.end(&End::Refused(ErrorCode::RevokedKey));
    }

    /// Records a verified packet.
    pub(crate) fn record(&self, event: &str, name: &str, what: &Value) -> Result<()> {
        self.hub.audit.packet_accepted(event, &self.name, name, what)
    }

    /// Records a verified packet that says nothing known.
    pub(crate) fn ignore(&self, name: &str) -> Result<()> {
        self.hub.audit.packet_ignored(&self.name, name)
    }

    /// Ends it, once: gives its place back, records why, tells the peer what it may know, closes.
    pub(crate) fn end(&self, why: &End) {
        let was = std::mem::replace(&mut *self.lock_stage(), Stage::Ended);
        if was == Stage::Ended {
            return;
        }
        self.session.close();
        let (code, reason) = match why {
            End::Refused(code) => (Some(*code), code.as_str()),
            End::Left(reason) => (None, *reason),
        };
        P::leave(self, reason);
        let mut metadata = json!({ "reason": reason, "proved": was == Stage::Proved });
        if let Some(code) = code {
            metadata["code"] = json!(code.as_str());
        }
        tell(self.hub.audit.disconnected(P::DISCONNECTED, &self.name, P::NAMESPACE, &metadata));
        turn_away(&self.socket, &self.line, code);
        self.ended.notify_one();
    }

    fn receive(self: &Arc<Self>, event: &str, packet: &str) {
        if !self.has_ended()
            && let Err(error) = self.judge(event, packet)
        {
            self.refuse(event, &error);
        }
    }

    fn judge(self: &Arc<Self>, event: &str, packet: &str) -> Result<()> {
        let verified = self.session.verify(event, packet.as_bytes(), None)?;
        if self.proves_itself() {
            self.hub.audit.connected(P::CONNECTED, &self.name, P::NAMESPACE, &self.session_id())?;
            P::prove(self)?;
        }
        P::take(self, event, &verified)
    }

    fn refuse(&self, event: &str, error: &Error) {
        if self.has_ended() {
            return;
        }
        let code = error.code();
        tell(self.hub.audit.packet_rejected(&self.name, event, code.as_str()));
        self.hub.show(|board, now| board.refused(Some(&self.name), event, code.as_str(), now));
        self.end(&End::Refused(code));
    }

    /// The transport ended, or brought what is no message at all or too long to be read.
    fn lost(&self, reason: DisconnectReason) {
        match reason {
            DisconnectReason::ClientNSDisconnect => self.end(&End::Left("left")),
            DisconnectReason::HeartbeatTimeout => self.end(&End::Left("transport silent")),
            DisconnectReason::PacketParsingError => self.refuse_transport(),
            DisconnectReason::TransportError if !self.line.is_gone() => self.refuse_transport(),
            DisconnectReason::TransportError => self.end(&End::Left("transport broken")),
            _ => self.end(&End::Left("transport closed")),
        }
    }

    fn refuse_transport(&self) {
        self.refuse("socket.io", &ErrorCode::MalformedPacket.into());
    }

    /// Asks the session whenever it wants to be asked, until the end.
    async fn keep_time(self: Arc<Self>) {
        while let Some(second) = self.due() {
            tokio::select! {
                () = tokio::time::sleep(clock::until(second)) => {}
                () = self.ended.notified() => return,
            }
            if let Err(error) = self.tick() {
                self.end(&End::Refused(error.code()));
            }
        }
        self.end(&End::Left("session lost"));
    }

    fn due(&self) -> Option<u64> {
        // Whole seconds by contract.
        let deadline = self.session.deadline()? as u64;
        Some(self.party.due().map_or(deadline, |due| due.min(deadline)))
    }

    fn tick(&self) -> Result<()> {
        if self.session.poll(None)? {
            self.emit("heartbeat", &self.session.heartbeat(None, None)?)?;
        }
        P::tick(self)
    }

    /// Sends a packet as an object. Who does not read what it is sent is no longer there.
    fn emit(&self, event: &str, packet: &str) -> Result<()> {
        let packet: &RawValue = serde_json::from_str(packet)
            .map_err(|fault| Error::new(ErrorCode::MalformedArgument, fault.to_string()))?;
        self.socket.emit(event, packet).map_err(|_| {
            self.end(&End::Left("does not read"));
            Error::new(ErrorCode::HeartbeatMissed, "the peer is no longer there")
        })
    }

    fn proves_itself(&self) -> bool {
        let mut stage = self.lock_stage();
        let first = *stage == Stage::Accepted;
        if first {
            *stage = Stage::Proved;
        }
        first
    }

    fn session_id(&self) -> String {
        self.session.id().unwrap_or_default()
    }

    fn stage(&self) -> Stage {
        *self.lock_stage()
    }

    // A stage is one value: a panic elsewhere leaves it sound.
    fn lock_stage(&self) -> std::sync::MutexGuard<'_, Stage> {
        self.stage.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Tells a peer what it may know of why it must go, and closes.
pub(crate) fn turn_away(socket: &SocketRef, line: &Line, code: Option<ErrorCode>) {
    if let Some(told) = code.and_then(|code| RawValue::from_string(refusal(code)).ok()) {
        // Who has left need not be told.
        let _ = socket.emit("refused", &told);
    }
    let _ = socket.clone().disconnect();
    line.close();
}
