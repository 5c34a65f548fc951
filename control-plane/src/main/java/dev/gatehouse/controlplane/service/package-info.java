/** Services, the upstream applications, and routes, which say what requests go to which of them. */
@NullMarked
package dev.gatehouse.controlplane.service;

import org.jspecify.annotations.NullMarked;
