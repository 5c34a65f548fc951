/** {@code loadtests/transfer}: what large bodies take of a gateway's memory. */
@NullMarked
package dev.gatehouse.loadtests.transfer;

import org.jspecify.annotations.NullMarked;
