/** Whether an object is a plain one: its prototype is null, or the Object.prototype of any realm. */
export function isPlainObject(value: object): boolean {
  const prototype = Reflect.getPrototypeOf(value);
  return !Array.isArray(value) && (prototype === null || isObjectPrototype(prototype));
}

/** Whether an object is a plain array: its prototype is null, or the Array.prototype of any realm. */
export function isPlainArray(value: object): value is unknown[] {
  const prototype = Reflect.getPrototypeOf(value);
  return Array.isArray(value) && (prototype === null || isArrayPrototype(prototype));
}

// Array.prototype is itself an array; the prototype of a class that extends Array is not.
function isArrayPrototype(candidate: object): boolean {
  if (candidate === Array.prototype) {
    return true;
  }
  const prototype = Reflect.getPrototypeOf(candidate);
  return Array.isArray(candidate) && prototype !== null && isObjectPrototype(prototype);
}

function isObjectPrototype(candidate: object): boolean {
  return candidate === Object.prototype || foreign.has(candidate) || isForeignObjectPrototype(candidate);
}

// "Has no prototype itself" is not enough: an object of any class that extends null would pass. The realm's own Object
// function points at its Object.prototype for good, and no source text can imitate a native function's.
function isForeignObjectPrototype(candidate: object): boolean {
  if (Reflect.getPrototypeOf(candidate) !== null) {
    return false;
  }
  const constructor: unknown = Reflect.getOwnPropertyDescriptor(candidate, 'constructor')?.value;
  if (typeof constructor !== 'function' || !NATIVE_OBJECT.test(sourceOf.call(constructor))) {
    return false;
  }
  const genuine = Reflect.getOwnPropertyDescriptor(constructor, 'prototype')?.value === candidate;
  if (genuine) {
    foreign.add(candidate);
  }
  return genuine;
}

const foreign = new WeakSet<object>();
const sourceOf = Function.prototype.toString;
const NATIVE_OBJECT = /^function Object\(\)\s*\{\s*\[native code\]\s*\}$/;
