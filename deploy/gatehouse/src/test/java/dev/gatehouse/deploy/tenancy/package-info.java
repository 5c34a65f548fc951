@NullMarked
package dev.gatehouse.deploy.tenancy;

import org.jspecify.annotations.NullMarked;
