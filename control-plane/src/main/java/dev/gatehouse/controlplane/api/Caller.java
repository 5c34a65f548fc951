package dev.gatehouse.controlplane.api;

/**
 * Who calls, proved by a token.
 *
 * @param tokenId the public part of the token
 * @param name what the token was made for
 */
public record Caller(String tokenId, String name) {}
