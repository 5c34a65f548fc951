/**
 * The control plane's API on the command line: one command for each operation of the API's
 * document, made from the document itself, so that none is missing and none is out of date.
 *
 * <p>What comes in is the document and the user's arguments; what goes out is one request (a list
 * may take several), its answer on standard output as a table, JSON or YAML, and a refusal in words
 * on standard error. Files are sent, and exports received, as they come; what goes on after its
 * answer is followed, with its progress on standard error.
 */
@NullMarked
package dev.gatehouse.deploy.api;

import org.jspecify.annotations.NullMarked;
