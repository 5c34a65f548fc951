/** The proxies that are compared, each started in a process of its own on the same core. */
@NullMarked
package dev.gatehouse.loadtests.contender;

import org.jspecify.annotations.NullMarked;
