/** Addresses of IP, as configurations name them. */
@NullMarked
package dev.gatehouse.contract.net;

import org.jspecify.annotations.NullMarked;
