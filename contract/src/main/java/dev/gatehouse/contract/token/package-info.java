/**
 * Bearer secrets that Gatehouse issues: API keys of tenants, tokens of operators and of gateways.
 */
@NullMarked
package dev.gatehouse.contract.token;

import org.jspecify.annotations.NullMarked;
