// SPDX-License-Identifier: BSD-2-Clause
// oidc-provider, configured to look like BeProduct's IdentityServer.
// What configuration cannot say is said by the three overrides at the end and
// by the shaping middleware.

import { createHash, randomBytes } from 'node:crypto';

import Provider, { interactionPolicy } from 'oidc-provider';

import { asJwk, signJwt } from './keys.mjs';
import { page, text } from './pages.mjs';

const hex = (bytes) => randomBytes(bytes).toString('hex');
const now = () => Math.floor(Date.now() / 1000);
const day = 24 * 60 * 60;

// IdentityServer never asks twice: whatever was asked for is granted.
async function grantAll(ctx) {
	const grant = new ctx.oidc.provider.Grant({
		accountId: ctx.oidc.session.accountId,
		clientId: ctx.oidc.client.clientId,
	});

	grant.addOIDCScope(ctx.oidc.params.scope);
	await grant.save();
	return grant;
}

// OIDC Core 11 has oidc-provider drop offline_access without prompt=consent, and
// IdentityServer does not: what was asked for is put back, once that is judged.
function keepOffline(shape) {
	return (ctx) => {
		const asked = ctx.query.scope?.split(' ') ?? [];

		ctx.oidc.params.scope = asked
			.filter((scope) => scope !== 'offline_access' || shape.offline !== false)
			.join(' ') || undefined;
	};
}

// What the id_token says of the sign-in itself. Name, e-mail and roles are for
// UserInfo alone: they are not offered here, and conformIdTokenClaims would drop them.
function ofTheSignIn(sub, token) {
	return {
		sub,
		idp: 'idsrv',
		nbf: now(),
		sid: token?.sessionUid
			? createHash('md5').update(token.sessionUid).digest('hex') : undefined,
	};
}

function accountFinder(people) {
	return async (ctx, sub, token) => people.claims(sub) && {
		accountId: sub,
		claims: async (use) => (use === 'id_token' ? ofTheSignIn(sub, token) : people.claims(sub)),
	};
}

// OIDC Core 3.1.2.1: of its own oidc-provider knows login and consent
function prompts() {
	const policy = interactionPolicy.base();

	policy.add(new interactionPolicy.Prompt({ name: 'select_account', requestable: true }), 0);
	return policy;
}

function clientOf(id, { options, shape, key }) {
	return {
		client_id: id,
		client_secret: options.secret,
		// both ways of presenting the secret are accepted for either setting
		token_endpoint_auth_method: shape.auth ?? 'client_secret_post',
		redirect_uris: options.redirectUris,
		post_logout_redirect_uris: [options.signedOutUri],
		id_token_signed_response_alg: key.alg,
		response_types: ['code'],
		grant_types: ['authorization_code', 'refresh_token'],
	};
}

function configuration(world) {
	const {
		options, prefix, shape, people, key, Adapter, cookieKey,
	} = world;

	return {
		adapter: Adapter,
		jwks: { keys: [asJwk(key)] },
		clients: [options.clientId, options.proofKeyClientId].map((id) => clientOf(id, world)),
		clientAuthMethods: shape.auth ? [shape.auth] : ['client_secret_post', 'client_secret_basic'],
		responseTypes: ['code'],
		scopes: ['openid', 'profile', 'email', 'roles', 'offline_access', 'BeProductPublicApi'],
		claims: {
			openid: ['sub', 'idp', 'amr', 'auth_time', 'sid', 'nbf'],
			...people.claimsOfScopes(),
		},
		// a parameter that nobody sends: its check is the last before the person's turn
		extraParams: { as_identityserver: keepOffline(shape) },
		conformIdTokenClaims: true,
		allowOmittingSingleRegisteredRedirectUri: false,
		enabledJWA: { idTokenSigningAlgValues: [key.alg] },
		pkce: {
			methods: ['S256'],
			required: (ctx, client) => client.clientId === options.proofKeyClientId,
		},
		routes: {
			authorization: '/connect/authorize',
			token: '/connect/token',
			userinfo: '/connect/userinfo',
			end_session: '/connect/endsession',
			revocation: '/connect/revocation',
			introspection: '/connect/introspect',
			jwks: '/.well-known/jwks',
		},
		features: {
			devInteractions: { enabled: false },
			revocation: { enabled: true },
			introspection: { enabled: true, allowedPolicy: () => true },
			rpInitiatedLogout: {
				enabled: true,
				logoutSource: (ctx, form) => {
					ctx.body = page('Sign out', `${form}<button form="op.logoutForm" name="logout" value="yes">Sign out</button>`);
				},
				postLogoutSuccessSource: (ctx) => {
					ctx.body = page('Signed out', '<p>You are signed out.</p>');
				},
			},
		},
		ttl: {
			AccessToken: 8 * 60 * 60,
			AuthorizationCode: 300,
			IdToken: 300,
			RefreshToken: 30 * day,
			Grant: 30 * day,
			Interaction: 3600,
			Session: 10 * 60 * 60,
		},
		cookies: { keys: [cookieKey] },
		interactions: {
			url: (ctx, { uid }) => `${prefix}/login/${uid}`,
			policy: prompts(),
		},
		clientBasedCORS: () => false,
		expiresWithSession: async () => false,
		rotateRefreshToken: !shape.reusable,
		loadExistingGrant: grantAll,
		findAccount: accountFinder(people),
		renderError: (ctx, out) => {
			ctx.type = 'html';
			ctx.body = page('Error', `<p>${text(out.error)}: ${text(out.error_description ?? '')}</p>`);
		},
	};
}

// 32 hex digits, where oidc-provider has 43 of base64url.
function hexIds(model, suffix = '') {
	model.prototype.generateTokenId = () => hex(16) + suffix;
}

function accessTokenPayload(token, issuer) {
	return {
		iss: issuer,
		aud: `${issuer}/resources`,
		exp: token.exp ?? now() + token.expiration,
		nbf: now(),
		client_id: token.clientId,
		scope: token.scope.split(' '),
		sub: token.accountId,
		idp: 'idsrv',
		jti: hex(16),
	};
}

// Access tokens go out as JWTs. A resource token of oidc-provider's own would be
// one too, but is refused at UserInfo: so the opaque token stays what is stored,
// and the JWT is what is handed out for it.
function jwtAccessTokens(AccessToken, issuer, key, handedOut) {
	const save = AccessToken.prototype.save;
	const find = AccessToken.find;

	AccessToken.prototype.save = async function saveAsJwt() {
		const id = await save.call(this);
		const jwt = signJwt(accessTokenPayload(this, issuer), key);

		handedOut.set(jwt, id);
		return jwt;
	};
	AccessToken.find = function findByJwt(jwt, ...rest) {
		return find.call(this, handedOut.get(jwt), ...rest);
	};
}

// world: options, issuer, prefix, shape, people, key, Adapter, cookieKey, handedOut
export function newEngine(world, middleware) {
	const { issuer, shape } = world;
	const provider = new Provider(issuer, configuration(world));

	hexIds(provider.AuthorizationCode, shape.code_suffix);
	hexIds(provider.RefreshToken);
	if (!shape.opaque)
		jwtAccessTokens(provider.AccessToken, issuer, world.key, world.handedOut);
	provider.use(middleware);
	provider.on('server_error', (ctx, err) => console.error(err.stack));
	provider.app.on('error', (err) => {
		// a client that went away in the middle is an everyday event in these tests
		if (!/^(ECONN|EPIPE|ERR_STREAM)/.test(err.code ?? ''))
			console.error(err.stack);
	});
	return { provider, answer: provider.callback() };
}
