/** The wasm module in base64; scripts/inline.mjs writes it into dist/. */
export declare const wasm: string;
