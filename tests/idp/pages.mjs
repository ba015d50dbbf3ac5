// The pages a person sees. No JavaScript: the scripted person reads them too.

import { text as bodyText } from 'node:stream/consumers';

export function text(value) {
	return String(value).replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
}

export function page(title, body) {
	return `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>${text(title)}</title></head>
<body><h1>${text(title)}</h1>
${body}
</body></html>
`;
}

function loginForm(message) {
	return page('Sign in', `<p>${text(message)}</p>
<form method="post">
<p><label>Login <input name="login" autocomplete="username" autofocus></label></p>
<p><label>Password <input name="password" type="password" autocomplete="current-password"></label></p>
<p><button name="button" value="login">Sign in</button>
<button name="button" value="cancel">Cancel</button></p>
</form>`);
}

function send(res, status, html) {
	res.writeHead(status, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' });
	res.end(html);
}

const cancelled = { error: 'access_denied', error_description: 'the person cancelled' };

function signedIn(sub) {
	// consent along with it: nobody is asked for that on a page of its own
	return { login: { accountId: sub, amr: ['password'] }, consent: {} };
}

async function submitted(provider, people, req, res) {
	const form = new URLSearchParams(await bodyText(req));

	if (form.get('button') === 'cancel')
		return provider.interactionFinished(req, res, cancelled, { mergeWithLastSubmission: false });
	const sub = people.signIn(form.get('login') ?? '', form.get('password') ?? '');
	if (!sub)
		return send(res, 200, loginForm('Wrong login or password.'));
	return provider.interactionFinished(req, res, signedIn(sub));
}

// answers one request below ISSUER/login/
export async function answerLogin(provider, people, req, res) {
	try {
		const { prompt } = await provider.interactionDetails(req, res);

		if (prompt.name !== 'login')
			return await provider.interactionFinished(req, res, { consent: {} });
		if (req.method === 'POST')
			return await submitted(provider, people, req, res);
		return send(res, 200, loginForm('Sign in with your BeProduct account.'));
	} catch (err) {
		return send(res, 400, page('Error', `<p>${text(err.error_description ?? err.message)}</p>`));
	}
}
