// Lines of standard input, answered one by one on standard output.

import { once } from 'node:events';

/** Answers each line of standard input with `answer(bytes)`, in order, each written out before the next line is read. */
export async function serve(answer) {
  for await (const line of lines(process.stdin)) {
    const text = await answer(line);
    if (!process.stdout.write(text + '\n')) await once(process.stdout, 'drain');
  }
}

/** The lines of a stream of buffers, without their ends; the last needs none. */
export async function* lines(stream) {
  let pieces = [];
  for await (const chunk of stream) {
    let from = 0;
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, from)) {
      pieces.push(chunk.subarray(from, at));
      yield Buffer.concat(pieces);
      pieces = [];
      from = at + 1;
    }
    if (from < chunk.length) pieces.push(chunk.subarray(from));
  }
  if (pieces.length > 0) yield Buffer.concat(pieces);
}
