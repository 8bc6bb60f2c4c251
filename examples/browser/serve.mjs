// `node examples/browser/serve.mjs [--isolated] [--port 8080]`: a plain static server of this folder and of the built packages, for this machine alone.
import { createReadStream, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { dirname, extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: { isolated: { type: 'boolean', default: false }, port: { type: 'string', default: '8080' } },
});
const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.wasm': 'application/wasm' };
const SERVED = /^\/(examples\/browser|packages\/[a-z-]+\/(dist|wasm))\//;
/** Only under these two headers may threads share a memory (https://developer.mozilla.org/docs/Web/API/Window/crossOriginIsolated). */
const ISOLATED = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' };

const server = createServer((request, response) => {
  const path = normalize(new URL(request.url, 'http://localhost').pathname);
  const file = join(root, path.endsWith('/') ? `${path}index.html` : path);
  const type = TYPES[extname(file)];
  if (!SERVED.test(path) || !type || !statSync(file, { throwIfNoEntry: false })?.isFile())
    return response.writeHead(404).end();
  response.writeHead(200, { 'Content-Type': type, ...(values.isolated && ISOLATED) });
  createReadStream(file).pipe(response);
});
server.listen(Number(values.port), '127.0.0.1', () =>
  console.log(
    `http://127.0.0.1:${server.address().port}/examples/browser/ ${values.isolated ? '(isolated: threads)' : '(plain: one thread)'}`,
  ),
);
