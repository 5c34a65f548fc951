/**
 * Compression of responses that a service left uncompressed and that it allows to be compressed.
 * In: the request, the service and the head of the response. Out: nothing where the response is to
 * pass as it is, else a {@link dev.gatehouse.gateway.compress.ResponseCompression} that takes the
 * body piece by piece. Bodies of requests are never touched.
 */
@NullMarked
package dev.gatehouse.gateway.compress;

import org.jspecify.annotations.NullMarked;
