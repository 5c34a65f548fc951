/**
 * The signed statement of the tenant that the gateway adds to every request it forwards.
 *
 * <p>The gateway signs a {@link dev.gatehouse.contract.context.TenantContext} with a {@link
 * dev.gatehouse.contract.context.ContextSigner}; an application on the JVM reads it back with a
 * {@link dev.gatehouse.contract.context.ContextVerifier}. Everything that does not verify is a
 * {@link dev.gatehouse.contract.context.ContextRefusedException}.
 */
@NullMarked
package dev.gatehouse.contract.context;

import org.jspecify.annotations.NullMarked;
