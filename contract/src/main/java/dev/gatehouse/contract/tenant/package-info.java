/** The words of a tenant that every part of Gatehouse reads alike: status, slug and host name. */
@NullMarked
package dev.gatehouse.contract.tenant;

import org.jspecify.annotations.NullMarked;
