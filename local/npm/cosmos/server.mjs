// The Cosmos DB emulator of one machine: documents in memory, no authentication. Only the proxy of the platform talks to it.
//
//   node server.mjs <port>

import { createHttpServer } from '@vercel/cosmosdb-server';

const server = createHttpServer({ keepAlive: true });
server.keepAliveTimeout = 0; // else a connection may be closed at the moment that the proxy uses it again
server.listen(Number(process.argv[2]), '127.0.0.1');
