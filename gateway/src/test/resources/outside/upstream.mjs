// The upstream of the tests from outside, once over HTTP/1.1 and once over HTTP/2 in the clear.
// Says its two ports on one line, then answers until its standard input ends.
import http from 'node:http';
import http2 from 'node:http2';

const streams = new Map();

const answers = {
  204: (_, response) => response.writeHead(204).end(),
  304: (_, response) => response.writeHead(304, { ETag: '"1"' }).end(),
  redirect: (_, response) => response.writeHead(302, { Location: '/elsewhere' }).end(),
  hints: (_, response) => {
    response.writeEarlyHints({ link: '</style.css>; rel=preload; as=style' });
    response.end('hinted');
  },
  trailers: (request, response) => {
    response.writeHead(200, { Trailer: 'X-Checksum' });
    response.write(JSON.stringify(request.trailers));
    response.addTrailers({ 'X-Checksum': 'abc' });
    response.end();
  },
  // The second event is sent when another request asks for it.
  events: (request, response, url) => {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    response.write('data: one\n\n');
    streams.set(url.searchParams.get('id'), response);
  },
  release: (_, response, url) => {
    streams.get(url.searchParams.get('id')).end('data: two\n\n');
    response.end('released');
  },
};

function answer(request, response) {
  const url = new URL(request.url, 'http://upstream');
  const mode = answers[url.searchParams.get('mode')];
  let bytes = 0;
  request.on('data', (chunk) => (bytes += chunk.length));
  request.on('end', () => {
    if (mode) {
      mode(request, response, url);
      return;
    }
    const body = JSON.stringify({
      method: request.method,
      bytes,
      version: request.httpVersion,
      tenant: request.headers['x-tenant-id'],
    });
    response.writeHead(200, {
      'Content-Type': 'application/json',
      'Content-Length': body.length,
    });
    response.end(body);
  });
}

const clear = http.createServer(answer).listen(0, '127.0.0.1', () => {
  const multiplexed = http2.createServer(answer).listen(0, '127.0.0.1', () => {
    console.log(`${clear.address().port} ${multiplexed.address().port}`);
  });
});
process.stdin.on('end', () => process.exit(0)).resume();
