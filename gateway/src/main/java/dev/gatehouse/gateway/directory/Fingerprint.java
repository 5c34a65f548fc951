package dev.gatehouse.gateway.directory;

/**
 * What a text is known by.
 *
 * @param first bits 0 to 63
 * @param second bits 64 to 127
 */
record Fingerprint(long first, long second) {}
