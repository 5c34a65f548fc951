package dev.gatehouse.controlplane.service;

/**
 * A place in a body where a service is named.
 *
 * @param pointer JSON pointer (RFC 6901) of the place
 * @param name of the service
 */
public record ServiceReference(String pointer, String name) {}
