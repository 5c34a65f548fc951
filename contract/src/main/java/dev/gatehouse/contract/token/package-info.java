/**
 * Bearer secrets that Gatehouse issues: API keys of tenants, tokens of operators, of gateways and
 * of users, and invitations.
 */
@NullMarked
package dev.gatehouse.contract.token;

import org.jspecify.annotations.NullMarked;
