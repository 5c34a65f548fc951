/**
 * Bearer tokens that are JWTs (RFC 7519), verified by each tenant's own issuers and in the ways of
 * RFC 8725. A token is verified where it is seen first and known by its digest from then on; keys
 * are fetched beside the requests, never by one.
 */
@NullMarked
package dev.gatehouse.gateway.authenticate.jwt;

import org.jspecify.annotations.NullMarked;
