#!/usr/bin/env node
// Answers the few Blob Storage calls of the run path from memory: what the path costs without Azurite.
//   blob-stand-in.mjs [PORT]     then start the platform with
//   AzureWebJobsStorage='DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=AAAA;BlobEndpoint=http://127.0.0.1:PORT/devstoreaccount1;'
// Results are kept for a while only, so that memory stays flat under load.
import http from 'node:http';

const KEPT_RESULTS = 2000;
const blobs = new Map();
const results = [];

function put(path, body) {
  if (path.startsWith('/devstoreaccount1/results/') && !blobs.has(path) && results.push(path) > KEPT_RESULTS) blobs.delete(results.shift());
  blobs.set(path, body);
}

const server = http.createServer((request, response) => {
  const path = request.url.split('?')[0];
  const stamp = { etag: '"0x1"', 'last-modified': new Date().toUTCString(), 'x-ms-request-server-encrypted': 'false', 'x-ms-version': '2023-11-03' };
  if (request.method === 'PUT') {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk)).on('end', () => {
      const taken = request.headers['if-none-match'] === '*' && blobs.has(path);
      if (!taken && !request.url.includes('restype=container')) put(path, Buffer.concat(chunks));
      response.writeHead(taken ? 409 : 201, taken ? { 'x-ms-error-code': 'BlobAlreadyExists' } : stamp).end();
    });
    return;
  }
  const blob = blobs.get(path);
  if (!blob) response.writeHead(404, { 'x-ms-error-code': 'BlobNotFound' }).end();
  else response.writeHead(200, { ...stamp, 'content-length': blob.length, 'content-type': 'application/octet-stream', 'x-ms-blob-type': 'BlockBlob' }).end(request.method === 'HEAD' ? undefined : blob);
});
server.keepAliveTimeout = 60_000;
server.listen(Number(process.argv[2] ?? 10100), '127.0.0.1');
