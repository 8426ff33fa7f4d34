/** Where the module may come from: its bytes, a compiled module, or what fetches it. */
export type WasmSource = BufferSource | WebAssembly.Module | Response | Promise<Response> | URL | string;

/** The module, compiled aside: a browser may refuse to compile a large one at once on its main thread. */
export async function compiled(source: WasmSource): Promise<WebAssembly.Module> {
  const given = await (typeof source === 'string' || source instanceof URL ? fetch(source) : source);
  if (given instanceof Response) {
    return fetched(given);
  }
  return given instanceof WebAssembly.Module ? given : WebAssembly.compile(given as BufferSource);
}

async function fetched(response: Response): Promise<WebAssembly.Module> {
  if (!response.ok) {
    throw new Error(`the module could not be fetched: ${response.status} from ${response.url}`);
  }
  // A server that calls it something else than application/wasm is no reason to fail.
  const streams = response.headers.get('content-type')?.startsWith('application/wasm') ?? false;
  return streams ? WebAssembly.compileStreaming(response) : WebAssembly.compile(await response.arrayBuffer());
}
