export * from '@counterseal/wasm/client';
