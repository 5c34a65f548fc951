/** {@code loadtests/websockets}: what an idle WebSocket takes of a gateway's heap. */
@NullMarked
package dev.gatehouse.loadtests.websockets;

import org.jspecify.annotations.NullMarked;
