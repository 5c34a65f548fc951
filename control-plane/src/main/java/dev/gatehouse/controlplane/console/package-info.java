/**
 * The console: pages for people, made on the server. In come requests of browsers with the cookie
 * of a session; out go HTML pages. Whatever a page shows or does is an operation of the API, called
 * within the process for the session's caller: the console has no rules of its own about who may do
 * what. A refusal is shown where the form is that caused it.
 */
@NullMarked
package dev.gatehouse.controlplane.console;

import org.jspecify.annotations.NullMarked;
