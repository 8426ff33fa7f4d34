// Runs in a browser, from plain files without a bundler; posts what it saw to the test that opened it.
const seen = {};
try {
  const api = await import('../dist/inline.js');
  const key = new api.Key('engine-7', { secret: api.Secret.generate() });
  const context = 'engine_status';
  const packet = new api.PacketSigner(key).sign({ status: 'FINISHED' }, { context });
  const verifier = new api.PacketVerifier(new api.Keyring([key]));

  seen.engine = api.about().engine;
  // An object, an array and bytes of another realm: an iframe's.
  const { JSON: foreign, Uint8Array: ForeignBytes } = document.querySelector('iframe').contentWindow;
  seen.payload = verifier.verify(foreign.parse(JSON.stringify(packet)), { context }).payload;
  seen.replayed = codeOf(() => verifier.verify(packet, { context }));
  seen.bytes = new api.PacketSigner(key).signBytes(ForeignBytes.of(0, 255, 10), { context }).data;
  seen.element = codeOf(() => new api.PacketSigner(key).sign(document.body, { context }));
  seen.foreignDate = codeOf(() => new api.PacketSigner(key).sign(new (document.querySelector('iframe').contentWindow.Date)(), { context }));

  const lazy = await import('../dist/lazy.js');
  await lazy.init();
  seen.lazy = lazy.about().engine;
} catch (error) {
  seen.failure = String(error?.stack ?? error);
}
await fetch('/seen', { method: 'POST', body: JSON.stringify(seen) });

function codeOf(run) {
  try {
    run();
  } catch (error) {
    return error.code;
  }
}
