-- disconnect every Lengow account
UPDATE lengow_account
   SET state = 'draft',
       access_token = NULL,
       secret = NULL;
DELETE FROM lengow_api_token;
