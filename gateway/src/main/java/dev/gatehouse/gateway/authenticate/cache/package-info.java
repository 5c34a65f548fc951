/**
 * What is remembered of tokens, so that each is looked at once: by their digests, so that a copy of
 * the memory lets nobody in, and bounded.
 */
@NullMarked
package dev.gatehouse.gateway.authenticate.cache;

import org.jspecify.annotations.NullMarked;
