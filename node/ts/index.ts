import { createRequire } from 'node:module';
import { wasmEngine } from '@counterseal/wasm/engine';
import { setAuditAddon } from './audit.js';
import { setEngine, type RawEngine } from './facade/engine.js';
import { nativeEngine, type Addon } from './native.js';

const ADDON = 'counterseal.node';

// A platform without a prebuilt addon runs on wasm, slower and otherwise alike; about() tells which it is.
function load(): void {
  const require = createRequire(import.meta.url);
  let addon: Addon;
  let native: RawEngine;
  try {
    addon = require(`../${ADDON}`) as Addon;
    native = nativeEngine(addon);
  } catch {
    setEngine(wasmEngine());
    return;
  }
  setEngine(native, ADDON);
  setAuditAddon(addon);
}

load();

export { AuditLog, auditLogFiles, verifyAuditLog } from './audit.js';
export type { AuditFault, AuditLogOptions, AuditRecord, AuditReport, VerifyAuditLogOptions } from './audit.js';
export * from './facade/index.js';
