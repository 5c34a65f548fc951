/**
 * The whole system on one machine. In: a data directory and ports. Out: running processes, three
 * tenants to try, and {@code demo.json} that tells programs where everything is. {@link
 * dev.gatehouse.deploy.demo.Demo} is the supervisor; every part is a process of its own and can be
 * killed alone.
 */
@NullMarked
package dev.gatehouse.deploy.demo;

import org.jspecify.annotations.NullMarked;
