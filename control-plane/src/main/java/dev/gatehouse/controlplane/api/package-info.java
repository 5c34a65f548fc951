/**
 * The behaviour of the HTTP API that is the same for every resource, each part in one place.
 *
 * <p>{@link dev.gatehouse.controlplane.api.ApiDocument} holds the OpenAPI document; {@link
 * dev.gatehouse.controlplane.api.Api} binds each of its operations to the code of a feature and
 * checks every request against it first. A feature gets an {@link
 * dev.gatehouse.controlplane.api.ApiRequest} that is authenticated and valid, and gives an {@link
 * dev.gatehouse.controlplane.api.Answer}, or throws a {@link
 * dev.gatehouse.controlplane.api.ProblemException}.
 */
@NullMarked
package dev.gatehouse.controlplane.api;

import org.jspecify.annotations.NullMarked;
