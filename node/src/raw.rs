//! Functions and memory by Node-API itself, for the calls that must be quick. A method of a generated class costs some 200 ns before any
//! work; a function whose data is its state costs about 15. All unsafe code that this package writes is here.
//!
//! A quick call gets strings as its arguments and the rest in memory that it shares with JavaScript. Node runs a function and the JavaScript
//! of its environment in turns on one thread, and no call below runs JavaScript, so neither side sees the other at work.

use napi::bindgen_prelude::{Result, Unknown};
use napi::{Env, Status, sys};
use std::cell::RefCell;
use std::ffi::c_void;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;
use std::rc::Rc;
use std::slice;
use std::sync::Arc;

/// How many bytes JavaScript and the addon share: what does not fit takes the general road.
pub(crate) const MEMORY_SIZE: usize = 64 * 1024;

/// What a quick call does: `None` becomes `undefined`.
pub(crate) type Run<S> = fn(&mut S, &mut [u8], &Call) -> Option<Value>;

/// A value for JavaScript, good until the call returns.
pub(crate) struct Value(sys::napi_value);

/// Memory that JavaScript and the addon share, given back when neither holds it any more.
pub(crate) struct Memory(*mut [u8]);

// SAFETY: another thread can only count it and, as the last, free it; what it holds is read and written in `enter` alone.
unsafe impl Send for Memory {}
// SAFETY: as above.
unsafe impl Sync for Memory {}

impl Memory {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self(Box::into_raw(vec![0; MEMORY_SIZE].into_boxed_slice())))
    }

    /// An ArrayBuffer over this memory. Should it be detached, JavaScript has lost the memory and the addon has not.
    pub(crate) fn to_js<'env>(self: &Arc<Self>, env: &'env Env) -> Result<Unknown<'env>> {
        let held = Arc::into_raw(Arc::clone(self));
        let mut buffer = ptr::null_mut();
        // SAFETY: the memory lives for as long as `held` counts, which `release` gives back once the buffer is gone.
        let status = unsafe {
            sys::napi_create_external_arraybuffer(
                env.raw(),
                self.0.cast(),
                MEMORY_SIZE,
                Some(release::<Self>),
                held.cast_mut().cast(),
                &mut buffer,
            )
        };
        if status != sys::Status::napi_ok {
            // SAFETY: no buffer was made that would give it back.
            drop(unsafe { Arc::from_raw(held) });
        }
        made(env, status, buffer)
    }
}

impl Drop for Memory {
    fn drop(&mut self) {
        // SAFETY: it is what `new` took out of its box, and this is its only owner.
        drop(unsafe { Box::from_raw(self.0) });
    }
}

/// A JavaScript function that does `run` with a state of its own.
pub(crate) fn function<'env, S: 'static>(
    env: &'env Env,
    state: &Rc<RefCell<S>>,
    memory: &Arc<Memory>,
    run: Run<S>,
) -> Result<Unknown<'env>> {
    let data = Box::new(Function { state: Rc::clone(state), memory: Arc::clone(memory), run });
    let data: *mut c_void = Box::into_raw(data).cast();
    let mut made_function = ptr::null_mut();
    // SAFETY: the name is empty; `enter::<S>` takes its data for the `Function<S>` that it is.
    let mut status = unsafe {
        sys::napi_create_function(env.raw(), c"".as_ptr(), 0, Some(enter::<S>), data, &mut made_function)
    };
    if status == sys::Status::napi_ok {
        // SAFETY: the function is a live object, and nothing but its finalizer drops the data.
        status = unsafe {
            sys::napi_add_finalizer(
                env.raw(),
                made_function,
                data,
                Some(forget::<S>),
                ptr::null_mut(),
                ptr::null_mut(),
            )
        };
    }
    if status != sys::Status::napi_ok {
        // SAFETY: no finalizer was added, and a function without one is never handed out.
        drop(unsafe { Box::from_raw(data.cast::<Function<S>>()) });
    }
    made(env, status, made_function)
}

/// One call: its arguments, of which as many as `MAX_ARGUMENTS` are looked at.
pub(crate) struct Call {
    env: sys::napi_env,
    arguments: [sys::napi_value; MAX_ARGUMENTS],
}

impl Call {
    /// An argument that is a number.
    pub(crate) fn index(&self, argument: usize) -> Option<usize> {
        let mut index = 0;
        // SAFETY: it writes one number, or none where the argument is another value.
        let status =
            unsafe { sys::napi_get_value_uint32(self.env, *self.arguments.get(argument)?, &mut index) };
        (status == sys::Status::napi_ok).then_some(index as usize)
    }

    /// An argument that is a string of exactly `N` UTF-16 units. Read as UTF-16, which alters nothing: the Latin-1 call drops high bytes, and
    /// the UTF-8 call takes twice as long.
    pub(crate) fn units<const N: usize>(&self, argument: usize) -> Option<Units<N>> {
        const { assert!(N + 2 <= UNITS) };
        let (mut units, mut length) = ([0; UNITS], 0);
        // SAFETY: the buffer has room for what is asked for: `N` characters, one more, and the closing zero.
        let status = unsafe {
            sys::napi_get_value_string_utf16(
                self.env,
                *self.arguments.get(argument)?,
                units.as_mut_ptr(),
                N + 2,
                &mut length,
            )
        };
        (status == sys::Status::napi_ok && length == N).then_some(Units(units))
    }

    /// Writes an argument that is a string into `room` as UTF-8, and says how long it is; `None` if that fills the room. A lone surrogate
    /// becomes U+FFFD: the caller has seen to it that there is none.
    pub(crate) fn utf8(&self, argument: usize, room: &mut [u8]) -> Option<usize> {
        let mut length = 0;
        // SAFETY: at most `room.len()` bytes are written, its closing zero among them.
        let status = unsafe {
            sys::napi_get_value_string_utf8(
                self.env,
                *self.arguments.get(argument)?,
                room.as_mut_ptr().cast(),
                room.len(),
                &mut length,
            )
        };
        // A character takes up to four bytes: with less left, one may have found no room.
        (status == sys::Status::napi_ok && length + 4 < room.len()).then_some(length)
    }

    /// A string to return.
    pub(crate) fn text(&self, text: &str) -> Option<Value> {
        let mut value = ptr::null_mut();
        // SAFETY: the pointer and the length are those of a string that outlives this line.
        let status = unsafe {
            sys::napi_create_string_utf8(self.env, text.as_ptr().cast(), text.len() as isize, &mut value)
        };
        (status == sys::Status::napi_ok).then_some(Value(value))
    }

    /// `true`, to return.
    pub(crate) fn yes(&self) -> Option<Value> {
        let mut value = ptr::null_mut();
        // SAFETY: it writes one value.
        let status = unsafe { sys::napi_get_boolean(self.env, true, &mut value) };
        (status == sys::Status::napi_ok).then_some(Value(value))
    }
}

/// `N` UTF-16 units, as Node has just written them: what is done with others first need not wait for them.
pub(crate) struct Units<const N: usize>([u16; UNITS]);

impl<const N: usize> Units<N> {
    /// The text, if it is ASCII.
    pub(crate) fn ascii(&self) -> Option<Ascii<N>> {
        let (mut text, mut all) = ([0; N], 0);
        for (byte, unit) in text.iter_mut().zip(self.0.first_chunk::<N>()?) {
            *byte = *unit as u8;
            all |= unit;
        }
        (all < 0x80).then_some(Ascii(text))
    }
}

/// `N` ASCII characters.
pub(crate) struct Ascii<const N: usize>([u8; N]);

impl<const N: usize> Ascii<N> {
    pub(crate) fn as_str(&self) -> &str {
        // SAFETY: `Units::ascii` alone makes one, of bytes below 0x80.
        unsafe { str::from_utf8_unchecked(&self.0) }
    }
}

struct Function<S> {
    state: Rc<RefCell<S>>,
    memory: Arc<Memory>,
    run: Run<S>,
}

// A panic must not cross into Node: it becomes `undefined`, and the general road then throws whatever there is to throw.
unsafe extern "C" fn enter<S: 'static>(env: sys::napi_env, info: sys::napi_callback_info) -> sys::napi_value {
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        let mut call = Call { env, arguments: [ptr::null_mut(); MAX_ARGUMENTS] };
        let (mut count, mut data) = (MAX_ARGUMENTS, ptr::null_mut());
        // SAFETY: there is room for `count` arguments; Node sets those that are absent to undefined.
        let status = unsafe {
            let arguments = call.arguments.as_mut_ptr();
            sys::napi_get_cb_info(env, info, &mut count, arguments, ptr::null_mut(), &mut data)
        };
        if status != sys::Status::napi_ok {
            return None;
        }
        // SAFETY: `function` made the data of this very type, and it lives until the function is collected, which cannot be while it runs.
        let function = unsafe { &*data.cast::<Function<S>>() };
        let mut state = function.state.try_borrow_mut().ok()?;
        // SAFETY: of all that hold this memory one runs at a time (see the module's head), and none keeps a reference to it.
        let memory = unsafe { slice::from_raw_parts_mut(function.memory.0.cast(), MEMORY_SIZE) };
        (function.run)(&mut state, memory, &call)
    }));
    outcome.ok().flatten().map_or(ptr::null_mut(), |Value(value)| value)
}

// Both run on the thread of their environment, and a drop of what they hold does not panic.
unsafe extern "C" fn forget<S>(_: sys::napi_env, data: *mut c_void, _: *mut c_void) {
    // SAFETY: it is the box that `function` gave away, and Node finalizes an object once.
    drop(unsafe { Box::from_raw(data.cast::<Function<S>>()) });
}

unsafe extern "C" fn release<T>(_: sys::napi_env, _: *mut c_void, held: *mut c_void) {
    // SAFETY: it is the count that `to_js` took, and Node finalizes a buffer once.
    drop(unsafe { Arc::from_raw(held.cast::<T>().cast_const()) });
}

fn made(env: &Env, status: sys::napi_status, value: sys::napi_value) -> Result<Unknown<'_>> {
    if status != sys::Status::napi_ok {
        return Err(napi::Error::new(Status::from(status), "Node could not make it"));
    }
    // SAFETY: Node has just made it, in the scope of the call that asked for it.
    Ok(unsafe { Unknown::from_raw_unchecked(env.raw(), value) })
}

const MAX_ARGUMENTS: usize = 4;
const UNITS: usize = 48;
