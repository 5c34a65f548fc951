/**
 * The data plane. {@link dev.gatehouse.gateway.Gateway} starts it, {@link
 * dev.gatehouse.gateway.RequestPath} is the way of every request, and {@link
 * dev.gatehouse.gateway.rejection.Rejection} lists all the ways in which one can end early.
 */
@NullMarked
package dev.gatehouse.gateway;

import org.jspecify.annotations.NullMarked;
