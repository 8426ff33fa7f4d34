import { fileURLToPath } from 'node:url';
import { callOptions, nowOf } from './facade/arguments.js';
import type { RawSecret } from './facade/engine.js';
import { call, refuse } from './facade/errors.js';
import { walk } from './facade/native.js';
import { readOptions, take, toJson, type Options } from './facade/options.js';
import { rawSecret, type SecretSource } from './facade/secret.js';
import { text } from './facade/text.js';

/** What the addon has for audit logs; wasm has no files. */
export interface AuditAddon {
  readonly RawAuditLog: new (path: string, options: string, secret?: RawSecret) => RawAuditLog;
  verifyAuditLog(paths: string[], options: string, secret?: RawSecret): AuditReport;
  auditLogFiles(path: string): string[];
}

interface RawAuditLog {
  record(
    event: string,
    userId: string | undefined,
    action: string,
    resource: string,
    success: boolean,
    metadata: string,
    now?: number,
  ): void;
  head(): string;
  close(): void;
}

/** How a log's files are kept. */
export interface AuditLogOptions {
  /** Makes the hashes HMACs, so that only who holds it can write a chain anew. */
  readonly secret?: SecretSource | undefined;
  /** Bytes of one file before a new one is begun; 64 MiB if absent. */
  readonly rotateBytes?: number | undefined;
  /** Files kept besides the one that is written; all if absent. */
  readonly keep?: number | undefined;
  /** Whether each record is on the disk before the call returns; false if absent. */
  readonly sync?: boolean | undefined;
}

/** One event. Texts may be any: a longer one is cut to 256 bytes. */
export interface AuditRecord {
  /** What happened: `[A-Z][A-Z0-9_]{0,63}`. */
  readonly event: string;
  /** Who did it; absent or null where nobody is known yet. */
  readonly userId?: string | null | undefined;
  /** What was tried. */
  readonly action: string;
  /** On what. */
  readonly resource: string;
  /** Whether it was done. */
  readonly success: boolean;
  /** A plain object, at most 16 KiB as JSON; nothing secret belongs here. */
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
  /** The time, in whole Unix seconds; the system clock if absent. */
  readonly now?: number | undefined;
}

/** What is expected of a log that is verified. */
export interface VerifyAuditLogOptions {
  /** The secret that the log was written with. */
  readonly secret?: SecretSource | undefined;
  /** A head that the chain must hold, as `AuditLog.head` gave it; it may have gone on since. */
  readonly head?: string | undefined;
  /** Whether the first file may begin in the middle of the chain; false if absent. */
  readonly continued?: boolean | undefined;
}

/** What a log holds, up to its end or its first fault. Without a fault it verifies. */
export interface AuditReport {
  readonly records: number;
  /** The number of the first record; 0 if there is none. */
  readonly firstSeq: number;
  /** The number of the last record that verified. */
  readonly lastSeq: number;
  /** Its number and hash, `number:hash`. */
  readonly head: string;
  /** Bytes behind the last line: a record that is being written, or was torn by a kill. */
  readonly tornBytes: number;
  readonly fault?: AuditFault | undefined;
}

/** Where a log is wrong, and how. */
export interface AuditFault {
  readonly path: string;
  /** Counted from 1. */
  readonly line: number;
  readonly reason: 'not_a_record' | 'changed' | 'out_of_order' | 'unlinked' | 'torn' | 'other_head';
  readonly sentence: string;
}

/**
 * An append-only log of what was decided: a JSON record a line, each with the hash of the one before, in a file that one process writes. A line
 * that a kill tore is cut off when the log is opened again, and a record AUDIT_LOG_RECOVERED says so.
 */
export class AuditLog {
  readonly #raw: RawAuditLog;

  /** @throws CountersealError `malformed_argument`, also for a log that another writer holds or that does not verify; `store_unavailable`. */
  constructor(path: string | URL, options?: AuditLogOptions) {
    const { RawAuditLog } = loaded();
    const given = readOptions(options, 'audit log options');
    const secret = secretOf(given);
    const file = pathOf(path, 'path');
    const json = toJson(given, 'audit log options');
    this.#raw = call(() => new RawAuditLog(file, json, secret));
  }

  /**
   * Adds a record. When it returns, the record is with the operating system; when it throws, what it told did not happen.
   *
   * @throws CountersealError `malformed_argument`, `store_unavailable`
   */
  record(record: AuditRecord): void {
    const given = callOptions(record, 'record', RECORD);
    const event = text(take(given, 'event'), 'event');
    const userId = take(given, 'user_id') ?? undefined;
    const who = userId === undefined ? undefined : anyText(userId, 'userId');
    const action = anyText(take(given, 'action'), 'action');
    const resource = anyText(take(given, 'resource'), 'resource');
    const success = flag(take(given, 'success'), 'success');
    const metadata = metadataJson(take(given, 'metadata'));
    const now = nowOf(given);
    call(() => this.#raw.record(event, who, action, resource, success, metadata, now));
  }

  /** The number and hash of the last record. Kept elsewhere, it shows later that nothing up to here was changed or cut off. */
  get head(): string {
    return call(() => this.#raw.head());
  }

  /** Lets the files go. Closing twice does nothing. */
  close(): void {
    call(() => this.#raw.close());
  }
}

/**
 * Verifies the files of a log, given oldest first, as `auditLogFiles` lists them.
 *
 * @throws CountersealError `malformed_argument`, `store_unavailable`; a log that does not verify is no error, the report says so.
 */
export function verifyAuditLog(paths: readonly (string | URL)[], options?: VerifyAuditLogOptions): AuditReport {
  const addon = loaded();
  const given = readOptions(options, 'verify options');
  const secret = secretOf(given);
  if (!Array.isArray(paths)) {
    refuse('paths must be an array of paths');
  }
  const files = Array.from(paths as readonly unknown[], (path) => pathOf(path, 'each of paths'));
  const json = toJson(given, 'verify options');
  return call(() => addon.verifyAuditLog(files, json, secret));
}

/** The files of the log that is written at this path, oldest first: those set aside, then the current one. */
export function auditLogFiles(path: string | URL): string[] {
  const addon = loaded();
  const file = pathOf(path, 'path');
  return call(() => addon.auditLogFiles(file));
}

let current: AuditAddon | undefined;

/** Says which addon keeps the logs. @internal */
export function setAuditAddon(addon: AuditAddon): void {
  current = addon;
}

function loaded(): AuditAddon {
  return current ?? refuse('audit logs need the native addon, and this platform runs on wasm (see about()), which has no files');
}

function secretOf(options: Options): RawSecret | undefined {
  const secret = take(options, 'secret');
  return secret === undefined ? undefined : rawSecret(secret);
}

function pathOf(value: unknown, name: string): string {
  if (!(value instanceof URL)) {
    return text(value, name);
  }
  try {
    return fileURLToPath(value);
  } catch {
    return refuse(`${name} must be a path or a file: URL`);
  }
}

// A peer may have chosen it: a lone surrogate is replaced, so that it cannot prevent the record.
function anyText(value: unknown, name: string): string {
  return typeof value === 'string' ? value.toWellFormed() : refuse(`${name} must be a string`);
}

function flag(value: unknown, name: string): boolean {
  return typeof value === 'boolean' ? value : refuse(`${name} must be true or false`);
}

// Whether it is an object, and short enough, the core judges.
function metadataJson(metadata: unknown): string {
  if (metadata === undefined) {
    return '{}';
  }
  const { text: json, fault } = walk(metadata, 'metadata', METADATA_LIMIT);
  return fault === undefined ? json : refuse(fault);
}

const RECORD = ['event', 'userId', 'action', 'resource', 'success', 'metadata', 'now'];
// Text longer than a quarter of this the core refuses unread.
const METADATA_LIMIT = 64 * 1024;
