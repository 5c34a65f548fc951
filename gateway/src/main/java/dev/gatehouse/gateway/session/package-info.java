/**
 * Sessions of users who have logged in. A session is in Redis, sealed by a key that only its cookie
 * holds, for one tenant and one host; what is in Redis lets nobody in, and a cookie that is taken
 * to another host is nothing there. What is open by a session ends with it: its end is heard
 * ({@link dev.gatehouse.gateway.session.EndedSessions}), and asked for in case that it was not
 * ({@link dev.gatehouse.gateway.session.OpenSessions}). In: the cookie of a request. Out: who
 * calls. Fails with {@link dev.gatehouse.gateway.rejection.Rejection.SessionsUnavailable} where the
 * session cannot be looked up, and with {@link dev.gatehouse.gateway.rejection.Rejection.CrossSite}
 * where another site's page uses it.
 */
@NullMarked
package dev.gatehouse.gateway.session;

import org.jspecify.annotations.NullMarked;
