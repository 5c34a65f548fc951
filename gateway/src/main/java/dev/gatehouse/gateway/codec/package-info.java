/**
 * How the bytes of an HTTP/1 client become requests. In: what the kernel read. Out: messages of the
 * HTTP codec, with what RFC 9112 lets a lenient server repair refused instead: another server on
 * the way might repair it otherwise, and take a part of one request for another one. Fails as the
 * codec does: with a message whose decoder result is a failure, which is answered 400, 414, 431 or
 * 505 before the first stage sees it.
 */
@NullMarked
package dev.gatehouse.gateway.codec;

import org.jspecify.annotations.NullMarked;
