"""The signer 签发方: how every signer draws, and the process of a further one."""
