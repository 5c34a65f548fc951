/**
 * Sends metrics and spans to a collector by OTLP (protobuf over HTTP), on threads of its own. What
 * cannot be sent in time is dropped and counted; no request ever waits for it.
 */
@NullMarked
package dev.gatehouse.gateway.observe.otlp;

import org.jspecify.annotations.NullMarked;
