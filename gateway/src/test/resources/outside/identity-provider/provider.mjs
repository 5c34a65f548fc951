// An identity provider for tests: OpenID Connect with dynamic registration, refresh tokens that
// rotate, logout from both sides, and introspection. Says on its first line at which port it is;
// ends when its input does.
import dns from 'node:dns';
import http from 'node:http';
import Provider from 'oidc-provider';

// As browsers have it (RFC 6761 section 6.3).
const dnsLookup = (host, ...rest) =>
  dns.lookup(host.endsWith('.localhost') ? '127.0.0.1' : host, ...rest);

const users = {
  alice: { email: 'alice@acme.example', roles: ['reader', 'admin'] },
  bob: { email: 'bob@acme.example', roles: ['reader'] },
};

const server = http.createServer();
await new Promise((done) => server.listen(0, '127.0.0.1', done));
const issuer = `http://127.0.0.1:${server.address().port}`;

const provider = new Provider(issuer, {
  claims: { openid: ['sub'], email: ['email'], profile: ['roles'] },
  conformIdTokenClaims: false,
  cookies: { keys: ['for tests alone'] },
  features: {
    backchannelLogout: { enabled: true },
    devInteractions: { enabled: false },
    introspection: { enabled: true },
    registration: { enabled: true },
    revocation: { enabled: true },
  },
  findAccount: (ctx, sub) => ({ accountId: sub, claims: () => ({ sub, ...users[sub] }) }),
  httpOptions: () => ({ dnsLookup }),
  interactions: { url: (ctx, interaction) => `/interaction/${interaction.uid}` },
  issueRefreshToken: async (ctx, client) => client.grantTypeAllowed('refresh_token'),
  // Users are asked who they are, and nothing else.
  loadExistingGrant: async (ctx) => {
    const grant = new ctx.oidc.provider.Grant({
      clientId: ctx.oidc.client.clientId,
      accountId: ctx.oidc.session.accountId,
    });
    grant.addOIDCScope('openid email profile');
    await grant.save();
    return grant;
  },
  rotateRefreshToken: true,
  ttl: { AccessToken: 60, IdToken: 3600, RefreshToken: 86400, Session: 86400, Grant: 86400 },
});

async function interact(request, response) {
  const { uid } = await provider.interactionDetails(request, response);
  if (request.method === 'GET') {
    response.setHeader('Content-Type', 'text/html');
    response.end(
      `<form method="post" action="/interaction/${uid}"><input name="user"><button>Log in</button></form>`,
    );
    return;
  }
  let body = '';
  for await (const chunk of request) body += chunk;
  const user = new URLSearchParams(body).get('user');
  await provider.interactionFinished(
    request,
    response,
    user in users
      ? { login: { accountId: user } }
      : { error: 'access_denied', error_description: 'no such user' },
  );
}

const callback = provider.callback();
let refused = false;
server.on('request', (request, response) => {
  if (request.url === '/refuse-everything') {
    refused = true;
    response.end();
  } else if (refused) {
    response.statusCode = 500;
    response.end();
  } else if (request.url.startsWith('/interaction/')) {
    interact(request, response).catch((error) => {
      response.statusCode = 500;
      response.end(String(error));
    });
  } else {
    callback(request, response);
  }
});

process.stdin.on('end', () => process.exit(0)).resume();
console.log(issuer);
