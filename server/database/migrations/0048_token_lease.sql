-- Which of the nodes asks for an account's access token at the moment: only the one that holds the lease may extend or end it.
alter table provider_accounts add column access_token_minting_by uuid;
