/**
 * How users log in and out in a browser (OpenID Connect Core 1.0 by the code flow with PKCE), at
 * {@code /.gatehouse/} of every host of a tenant that allows sessions. In: a request there, within
 * the tenant's limits. Out: a redirect, a page, and in the end the session's cookie. Fails with
 * {@link dev.gatehouse.gateway.rejection.Rejection.LoginFailed}.
 */
@NullMarked
package dev.gatehouse.gateway.login;

import org.jspecify.annotations.NullMarked;
