package dev.gatehouse.gateway.upstream;

/** What the choice of an endpoint came to. */
public sealed interface Pick permits Target, NoTarget {}
